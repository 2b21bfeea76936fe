import { read, send } from './client.js';

// The routes of talks.

const one = id => `api/talks/${encodeURIComponent(id)}`;

/** A page of the caller's talks, newest first. */
export const listTalks = (limit, after, asks) => read(`api/talks?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`, { asks });

/** Where a talk stands. */
export const readTalk = (id, signal) => read(one(id), { signal });

/** Makes a talk. The same key again is the same talk: a request whose answer was lost is sent again without harm. */
export const createTalk = (request, key) => read('api/talks', { method: 'POST', json: request, headers: { 'Idempotency-Key': key } });

/** Checks a whole request: its plan and its quote. */
export const tryTalk = (request, signal) => read('api/talks?dry_run=true', { method: 'POST', json: request, signal });

/** What a talk would take, where an input is still missing. */
export const quoteTalk = (request, signal) => read('api/quote', { method: 'POST', json: request, signal });

export const cancelTalk = id => read(`${one(id)}/cancel`, { method: 'POST' });
export const retryTalk = id => read(`${one(id)}/retry`, { method: 'POST' });
export const deleteTalk = id => send(one(id), { method: 'DELETE' });

const pictureOf = (view, name) => (view.stage_seconds?.prepare === undefined ? null : `${one(view.id)}/${name}`);

/** The address of a talk's portrait, which is there once it is prepared. */
export const portraitOf = view => pictureOf(view, 'portrait');

/** The address of a small picture of it. Talks that were prepared before there were any have none. */
export const thumbnailOf = view => pictureOf(view, 'thumbnail');
