using Azure;
using Azure.Identity;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.Azure;

/// <summary>Says what Azure's errors mean in the words of the ports. The client has tried again by then as often as it may.</summary>
internal static class AzureErrors
{
    /// <summary>Runs requests, and translates what they throw.</summary>
    /// <param name="target">The address that is asked, for messages.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="cancellationToken">The caller's; its cancellation passes as it is.</param>
    /// <param name="understands">What the caller understands itself, and gets as it is.</param>
    internal static async Task<T> GuardAsync<T>(
        Uri target, Func<Task<T>> requests, CancellationToken cancellationToken, Func<RequestFailedException, bool>? understands = null)
    {
        try
        {
            return await requests();
        }
        catch (RequestFailedException known) when (understands?.Invoke(known) ?? false)
        {
            throw;
        }
        catch (Exception failure) when (Translate(failure, target, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// What an exception means: no answer and refusals are <see cref="ErrorCode.StorageUnavailable"/>, anything else that the account says an
    /// <see cref="IOException"/>; null for what is not Azure's.
    /// </summary>
    internal static Exception? Translate(Exception failure, Uri target, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        AggregateException { InnerExceptions: [.., var last] } => Translate(last, target, cancellationToken),
        AuthenticationFailedException => Unavailable(
            target, $"cannot be reached, because this machine has no identity for it ({FirstLine(failure)})",
            $"Give it a managed identity, or log in, or set {AzureStorageOptions.ConnectionStringVariable}.", failure),
        RequestFailedException { Status: 401 or 403 } refused => Unavailable(
            target, $"refuses: {Said(refused)}",
            "Give the identity the roles Storage Blob Data Contributor and Storage Queue Data Contributor, or correct the connection string.",
            failure),
        RequestFailedException { ErrorCode: "ContainerNotFound" or "QueueNotFound" or "ContainerBeingDeleted" or "QueueBeingDeleted" } missing =>
            Unavailable(target, $"is not there: {Said(missing)}", "Make it again, or start the host, which does.", failure),
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } silent => Unavailable(
            target, $"does not answer: {Said(silent)}", "Look whether the account is up and reachable, and go on.", failure),
        RequestFailedException odd => new IOException($"{Name(target)} answered {odd.Status} {Said(odd)}.", odd),
        OperationCanceledException or IOException or HttpRequestException => Unavailable(
            target, $"does not answer: {FirstLine(failure)}", "Look whether the account is up and reachable, and go on.", failure),
        _ => null,
    };

    private static TalkException Unavailable(Uri target, string what, string advice, Exception failure) =>
        new(ErrorCode.StorageUnavailable, $"{Name(target)} {what}. {advice}", failure);

    // Without a query, which may hold a signature.
    private static string Name(Uri target) => target.GetLeftPart(UriPartial.Path);

    private static string Said(RequestFailedException failure) => failure.ErrorCode ?? FirstLine(failure);

    private static string FirstLine(Exception failure) => failure.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
}
