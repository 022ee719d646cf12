/** The shape that every server of the embedded stack has; one file per server implements it. */
import type { Obtained, Part } from './parts/part.ts';
import type { Secrets } from './secrets.ts';

export interface PortSpec {
  /** The environment variable that moves it. */
  variable: string;
  defaultPort: number;
  /** What listens there, in a person's words. */
  what: string;
}

export interface ServerContext {
  /** The server's own folder inside `.cairn/`; it exists. */
  dataDir: string;
  /** The port that a variable of the server's `ports` stands for. */
  port(variable: string): number;
  secrets: Secrets;
  /** The API's port, for what must point at it. */
  apiPort: number;
  /** False for tests: data need not survive a crash, and nobody looks at a user interface. */
  durable: boolean;
  /** A part of the server's `parts`, by name. */
  part(name: string): Obtained;
  signal: AbortSignal;
}

export interface ProcessSpec {
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** What asks the process to end in good order; default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** How long it may take to end before it is killed; default 10 s. */
  stopWithinMs?: number;
}

export type Environment = Record<string, string>;

export interface Server {
  name: string;
  /** Given in the environment, it makes the stack use that server and start none. */
  addressVariable: string;
  /** Variables that must be given together with the address. */
  companions?: string[];
  /** Variables that may be given with the address; the application has defaults for them. */
  settings?: string[];
  ports: PortSpec[];
  parts: Part[];
  /** Readies the data folder and tells how to start; called before each start of the stack. */
  launch(context: ServerContext): Promise<ProcessSpec>;
  /** Whether the started server (process `pid`) answers; asked again until it does. */
  isReady(context: ServerContext, pid: number): Promise<boolean>;
  /** The variables by which the application reaches the embedded server. */
  environment(context: ServerContext): Environment;
  /** What the application presumes of the server, embedded or given: a bucket, search attributes, models. Safe to repeat. */
  prepare?(environment: Environment, signal: AbortSignal): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';
