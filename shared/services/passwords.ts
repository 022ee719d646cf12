/** Passwords: argon2id at the strength that OWASP's password storage cheat sheet names (19 MiB, 2 passes, 1 lane). */
import { hash, verify } from '@node-rs/argon2';

const STRENGTH = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A PHC string; argon2id is the package's default algorithm. */
export const hashPassword = (password: string): Promise<string> => hash(password, STRENGTH);

let decoy: Promise<string> | undefined;

/** Whether `password` is the one of `passwordHash`. For null, an unknown user, it takes the same time and is false. */
export const isPassword = async (password: string, passwordHash: string | null): Promise<boolean> => {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(passwordHash ?? (await decoy), password);
  return matches && passwordHash !== null;
};
