import type { Caller } from '../../shared/services/tokens.ts';

/** Whom the audit trail names for what a caller does. */
export const by = ({ creatorId, kind, id }: Caller) => ({ creatorId, actor: `${kind}/${id}` });
