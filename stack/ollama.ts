/** Ollama with one chat and one embedding model. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { CHAT_MODEL, EMBEDDING_MODEL, ollamaModels } from './ollama-models.ts';
import { goInstall } from './parts/go-install.ts';
import { linkFolder } from './parts/link-folder.ts';
import type { Part } from './parts/part.ts';
import { answersHttp } from './reach.ts';
import { type Environment, LOOPBACK, type Server, type ServerContext } from './server.ts';

/** Makes embedding many times faster, and ties the build to this processor: its features are part of the cache's key. */
const NATIVE = { CGO_CFLAGS: '-O3 -march=native', CGO_CXXFLAGS: '-O3 -march=native' };

const processorFeatures = (): string => {
  const model = cpus()[0]?.model ?? '';
  if (process.platform !== 'linux') return model;
  return `${model} ${/^(?:flags|Features)\s*:.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? ''}`;
};

export const ollamaServer: Part = {
  name: 'ollama',
  version: '0.6.5',
  variant: createHash('sha256').update(processorFeatures()).digest('hex').slice(0, 8),
  onPath: { command: 'ollama', versionArgs: ['--version'], minimum: '0.5.0' },
  main: 'ollama',
  ways: [goInstall('github.com/ollama/ollama@v0.6.5', NATIVE)],
  remedy: 'Install Ollama (ollama.com), or Go with a C++ compiler, or give OLLAMA_BASE_URL.',
};

const models = ollamaModels(ollamaServer);

/** Models that a given server lacks are named; a download of gigabytes is the person's own decision. */
const requireModels = async (environment: Environment, signal: AbortSignal): Promise<void> => {
  const response = await fetch(`${environment.OLLAMA_BASE_URL}/api/tags`, { signal });
  const { models: present } = (await response.json()) as { models: { name: string }[] };
  const wanted = [environment.OLLAMA_CHAT_MODEL ?? CHAT_MODEL, environment.OLLAMA_EMBEDDING_MODEL ?? EMBEDDING_MODEL];
  const lacking = wanted.filter((model) => !present.some(({ name }) => name === model || name === `${model}:latest`));
  if (lacking.length === 0) return;
  throw new Error(`Ollama lacks a model: ${lacking.map((model) => `ollama pull ${model}`).join('; ')}`);
};

const baseUrl = ({ port }: ServerContext): string => `http://${LOOPBACK}:${port('OLLAMA_PORT')}`;

export const ollama: Server = {
  name: 'ollama',
  addressVariable: 'OLLAMA_BASE_URL',
  settings: ['OLLAMA_CHAT_MODEL', 'OLLAMA_EMBEDDING_MODEL'],
  ports: [{ variable: 'OLLAMA_PORT', defaultPort: 21434, what: 'Ollama' }],
  parts: [ollamaServer, models],
  async launch(context) {
    const modelsDir = join(context.dataDir, 'models');
    await linkFolder(join(context.part('ollama-models').dir, 'models'), modelsDir);
    return {
      command: context.part('ollama').main,
      args: ['serve'],
      env: {
        HOME: context.dataDir,
        OLLAMA_HOST: `${LOOPBACK}:${context.port('OLLAMA_PORT')}`,
        OLLAMA_MODELS: modelsDir,
        // A model that stays loaded answers the first coachee after a quiet hour as fast as the next.
        OLLAMA_KEEP_ALIVE: '1h',
      },
    };
  },
  isReady: (context) => answersHttp(`${baseUrl(context)}/api/version`),
  environment: (context) => ({
    OLLAMA_BASE_URL: baseUrl(context),
    OLLAMA_CHAT_MODEL: CHAT_MODEL,
    OLLAMA_EMBEDDING_MODEL: EMBEDDING_MODEL,
  }),
  prepare: requireModels,
};
