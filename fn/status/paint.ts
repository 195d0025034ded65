/** What a part of a line means, by which a terminal colours it. */
export type Tone = 'Title' | 'Good' | 'Doubtful' | 'Bad';

export type Paint = (tone: Tone, text: string) => string;

/** Bold, green, yellow and red (ECMA-48, SGR). */
const CODES = { Title: 1, Good: 32, Doubtful: 33, Bad: 31 } as const;

export const plain: Paint = (_, text) => text;
export const coloured: Paint = (tone, text) => `\u001b[${CODES[tone]}m${text}\u001b[0m`;
