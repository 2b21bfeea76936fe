/** An answer of the API that is none of the wanted, or no answer at all. */
export class ApiError extends Error {
  /**
   * @param {number} status the HTTP status; 0 when nobody answered
   * @param {{code: string, message: string, field?: string}[]} errors all that was wrong, each with the field of the request that it is about
   * @param {number|null} retryAfter when to try again, in seconds
   */
  constructor(status, errors, retryAfter = null) {
    super(errors[0].message);
    Object.assign(this, { status, errors, retryAfter, code: errors[0].code });
  }

  /** Nobody answered. */
  static unreachable() {
    return new ApiError(0, [{ code: 'unreachable', message: 'The server does not answer. Look whether it runs, and whether this device is online.' }]);
  }

  /** The problem details (RFC 9457) of an answer. */
  static async of(response) {
    const retryAfter = Number(response.headers.get('Retry-After')) || null;
    try {
      const problem = await response.json();
      const errors = problem.errors?.length ? problem.errors : [{ code: problem.code, message: problem.detail, field: problem.field }];
      return new ApiError(response.status, errors.map(error => withHint(error, retryAfter)), retryAfter);
    } catch (failure) {
      // Whoever has asked wants no answer any more.
      if (failure.name === 'AbortError') throw failure;
      return new ApiError(response.status, [{ code: 'internal', message: `The server answered ${response.status}. Try again in a moment.` }], retryAfter);
    }
  }
}

function withHint(error, retryAfter) {
  return retryAfter && !/second/.test(error.message) ? { ...error, message: `${error.message} Try again in ${retryAfter} s.` } : error;
}
