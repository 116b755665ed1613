/** Two that start at once. When one fails the other is waited for all the same, so that what it started can be ended. */
export async function both<T>(one: Promise<T>, other: Promise<T>): Promise<[T, T]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
