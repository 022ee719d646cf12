const POLL_MS = 50;

const signalTo = (target: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Asks the leader of a process group to end; when it has not within the time, the whole group is killed. */
export const endGroup = async (
  leader: number,
  stopSignal: NodeJS.Signals,
  withinMs: number,
  hasEnded: () => boolean,
): Promise<void> => {
  signalTo(leader, stopSignal);
  for (const endMs = Date.now() + withinMs; !hasEnded(); ) {
    if (Date.now() > endMs) signalTo(-leader, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // What a server left behind in its group (Ollama's model runners) goes with it.
  signalTo(-leader, 'SIGKILL');
};
