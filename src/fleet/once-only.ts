/** The result of the first call, for every later one. */
export function onceOnly<Result>(compute: () => Result): () => Result {
  let result: { readonly value: Result } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
