// How good a name of a page is; equal to NameRank in pipeline/answering/naming.py.

export const SHORTENED = 2;
