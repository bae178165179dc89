/** Keys of one page of a listing. */
export const keyPageMax = 10_000;
/** Elements of one sorted set, list or hash that are read at once; ninety days of minutes are 129 600. */
export const keyElementsMax = 200_000;
/** Size of one text once it is unpacked. */
export const keyTextBytesMax = 256 * 1024 * 1024;
