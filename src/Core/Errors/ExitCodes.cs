namespace WanTalk.Core.Errors;

/// <summary>What a command says to its caller when it ends.</summary>
public static class ExitCodes
{
    /// <summary>It is done.</summary>
    public const int Done = 0;

    /// <summary>It failed.</summary>
    public const int Failed = 1;

    /// <summary>The input is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>It was cancelled with Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code for an error.</summary>
    public static int Of(ErrorCode code) => ErrorCatalog.KindOf(code) switch
    {
        ErrorKind.Input or ErrorKind.NotFound or ErrorKind.Method or ErrorKind.MediaType or ErrorKind.TooLarge or ErrorKind.Unauthenticated
            or ErrorKind.Forbidden => WrongInput,
        ErrorKind.Cancelled => Cancelled,
        _ => Failed,
    };
}
