/** Bounds on a multipart body; that of its bytes is the caller's. */
export type MultipartLimits = {
  readonly partsMax: number
  /** Bytes of all header lines of one part. */
  readonly headerBytesMax: number
}

export const MULTIPART_LIMITS: MultipartLimits = { partsMax: 100, headerBytesMax: 4_096 }
