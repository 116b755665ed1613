/** Pauses before an answer; all end at once when the server stops. */
export type Waits = { wait(ms: number): Promise<void>; end(): void };

export function createWaits(): Waits {
  const open = new Map<NodeJS.Timeout, () => void>();
  let ended = false;
  return {
    wait(ms) {
      if (ended || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          open.delete(timer);
          resolve();
        }, ms);
        open.set(timer, resolve);
      });
    },
    end() {
      ended = true;
      for (const [timer, resolve] of open) {
        clearTimeout(timer);
        resolve();
      }
      open.clear();
    },
  };
}
