export type DayStatus =
  | 'done'
  | 'partial'
  | 'missed'
  | 'frozen'
  | 'skipped'
  | 'excused'
  | 'vacation'
  | 'rest'
  | 'notDue'
  | 'open';
