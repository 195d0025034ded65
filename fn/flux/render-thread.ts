import { Worker } from 'node:worker_threads';
import { LIMITS } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { Rendered, RenderAnswer, RenderJob } from './render-job.ts';

/** Renders one job after another in a separate thread. */
export interface RenderThread {
  /** @throws {@link Refusal} if the job cannot be rendered, or exceeds a limit */
  readonly render: (job: RenderJob) => Promise<Rendered>;
  readonly stop: () => Promise<void>;
}

export interface RenderThreadOptions {
  /** The program of the thread. */
  readonly program: URL;
  /** The time limit of one job, in milliseconds. */
  readonly timeout?: number;
  /** The heap of the thread, in MiB. */
  readonly heap?: number;
}

/**
 * Creates a thread for many jobs, without environment variables. It is ended and replaced if a job
 * takes too much time or memory, so that no repository can block the thread that talks to the API
 * server.
 */
export function createRenderThread(options: RenderThreadOptions): RenderThread {
  const { program, timeout = LIMITS.RENDER, heap = LIMITS.HEAP } = options;
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const forget = (ended: Worker) => {
    if (worker === ended) worker = undefined;
  };
  const start = (): Worker => {
    const started = new Worker(program, { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heap } });
    started.once('exit', () => forget(started));
    // The job that fails reports the error.
    started.on('error', () => forget(started));
    return started;
  };

  const work = (job: RenderJob): Promise<Rendered> => {
    const current = (worker ??= start());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        finish(() =>
          reject(new Refusal('RenderFailed', `rendering takes longer than ${timeout / 1000} s, and was stopped`)),
        );
        forget(current);
        void current.terminate();
      }, timeout);
      const onMessage = (answer: RenderAnswer) =>
        finish(() => {
          if ('rendered' in answer) resolve(answer.rendered);
          else reject(new Refusal(answer.refusal.reason, answer.refusal.message));
        });
      const onError = (error: Error & { code?: string }) =>
        finish(() => {
          const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
          reject(
            isMemory
              ? new Refusal('RenderFailed', `rendering takes more than ${heap} MiB of memory, and was stopped`)
              : error,
          );
        });
      const onExit = () => finish(() => reject(new Error('the render thread has ended')));
      const finish = (end: () => void) => {
        clearTimeout(timer);
        current.off('message', onMessage).off('error', onError).off('exit', onExit);
        end();
      };
      current.on('message', onMessage).on('error', onError).on('exit', onExit);
      current.postMessage(job, []);
    });
  };

  return {
    render: (job) => {
      const done = last.then(() => work(job));
      last = done.catch(() => undefined);
      return done;
    },
    stop: async () => {
      await worker?.terminate();
    },
  };
}
