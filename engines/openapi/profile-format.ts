/** Which form of `SchemaProfile` this release writes and reads. */

/** To be raised whenever `compileProfile` writes something else for the same document: stored profiles are then compiled anew. */
export const PROFILE_FORMAT = 1
