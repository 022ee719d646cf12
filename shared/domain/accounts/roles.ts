/** Roles within a creator, from most to least able. */
export const ROLES = ['owner', 'editor', 'coach', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Whether `role` may do what needs at least `needed`. */
export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) <= ROLES.indexOf(needed);
