namespace WanTalk.Core.Fetching;

/// <summary>Fetches inputs that a request names by address, and nothing from where a caller has no business.</summary>
public interface IInputFetcher
{
    /// <summary>Copies what an address names into a stream.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="target">Where it goes; of no use unless the outcome is <see cref="FetchOutcome.Fetched"/>.</param>
    /// <param name="maxBytes">How much is accepted; not much more is read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Errors.TalkException">
    /// <see cref="Errors.ErrorCode.AddressForbidden"/>: nothing is fetched from there, however often it is tried;
    /// <see cref="Errors.ErrorCode.InputUnreachable"/>: it does not answer, answers with a fault, breaks off, or is too slow.
    /// </exception>
    Task<FetchResult> FetchAsync(Uri address, Stream target, long maxBytes, CancellationToken cancellationToken);
}

/// <summary>What came of a fetch that was allowed and answered.</summary>
public enum FetchOutcome
{
    /// <summary>The whole of it is in the stream.</summary>
    Fetched,

    /// <summary>The server says that it does not give it: 404, 403 or another answer that stays the same.</summary>
    Refused,

    /// <summary>It is larger than was accepted.</summary>
    TooLarge,
}

/// <summary>What came of a fetch.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The server's last HTTP status.</param>
/// <param name="Bytes">How many bytes were written.</param>
public sealed record FetchResult(FetchOutcome Outcome, int Status, long Bytes);
