namespace WanTalk.Core.Errors;

/// <summary>Whose move it is after an error.</summary>
public enum ErrorKind
{
    /// <summary>The caller's: the input has to change. Exit code 2, HTTP 400.</summary>
    Input,

    /// <summary>The caller's: it sent more than is taken at once. Exit code 2, HTTP 413.</summary>
    TooLarge,

    /// <summary>The caller's: it has to say who it is. Exit code 2, HTTP 401.</summary>
    Unauthenticated,

    /// <summary>The caller's: what it has does not allow this. Exit code 2, HTTP 403.</summary>
    Forbidden,

    /// <summary>The caller's: it has to wait. Exit code 1, HTTP 429.</summary>
    Limited,

    /// <summary>The caller's: it named something that is not there. Exit code 2, HTTP 404.</summary>
    NotFound,

    /// <summary>The caller's: the address is right, and has no such method. Exit code 2, HTTP 405.</summary>
    Method,

    /// <summary>The caller's: it sent what is not read there. Exit code 2, HTTP 415.</summary>
    MediaType,

    /// <summary>The caller's: not now. Exit code 1, HTTP 409.</summary>
    Conflict,

    /// <summary>Nobody's: it was asked for, at once or after a time. Exit code 130.</summary>
    Cancelled,

    /// <summary>The operator's: something underneath failed. Exit code 1, HTTP 503.</summary>
    Infrastructure,

    /// <summary>The developers': a defect. Exit code 1, HTTP 500.</summary>
    Defect,
}
