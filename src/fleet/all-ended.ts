/**
 * Like `Promise.all`, but when it rejects nothing is still at work: what another region was launching meanwhile is
 * recorded, so that an interruption can say what exists, and no lock is given back too early.
 */
export async function allEnded<Values extends readonly unknown[]>(
  work: readonly [...{ [Index in keyof Values]: Promise<Values[Index]> }],
): Promise<Values> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as Values;
}
