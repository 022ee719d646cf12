/**
 * What runs can be searched by (design rule 10): no personal data. The embedded server is started with these names; elsewhere they are
 * created once: `temporal operator search-attribute create --name stepKey --type Keyword` and so on.
 */
import { defineSearchAttributeKey } from '@temporalio/common';

export const searchAttributes = {
  creatorId: defineSearchAttributeKey('creatorId', 'KEYWORD'),
  programId: defineSearchAttributeKey('programId', 'KEYWORD'),
  programVersion: defineSearchAttributeKey('programVersion', 'KEYWORD'),
  stepKey: defineSearchAttributeKey('stepKey', 'KEYWORD'),
  status: defineSearchAttributeKey('status', 'KEYWORD'),
  dueAt: defineSearchAttributeKey('dueAt', 'DATETIME'),
  isTest: defineSearchAttributeKey('isTest', 'BOOL'),
};
