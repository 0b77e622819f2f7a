/**
 * The only owner of @peculiar/x509: loads it when something is to be built, never when this engine is
 * imported, because evaluating it costs 36 ms of start-up CPU that reading and verifying do not need.
 */

/** Loads the library; the second call is free. reflect-metadata must come first or the library throws. */
export async function loadX509() {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

/** The library's module, for functions that are handed it. */
export type X509 = Awaited<ReturnType<typeof loadX509>>
