using System.Net;
using Amazon.Runtime;
using WanTalk.Core.Errors;

namespace WanTalk.Storage.R2;

/// <summary>Says what an S3 server's errors mean in the words of the ports.</summary>
internal static class R2Errors
{
    /// <summary>Whether the same request may succeed a little later.</summary>
    internal static bool IsPassing(Exception failure) => failure switch
    {
        R2DamageException => true,
        AmazonServiceException { ErrorCode: "XAmzContentSHA256Mismatch" or "BadDigest" or "RequestTimeout" or "IncompleteBody" } => true,
        AmazonServiceException said => IsSilence(said),
        AmazonClientException or OperationCanceledException or IOException or HttpRequestException => true,
        _ => false,
    };

    /// <summary>Whether an upload is gone: completed or aborted, by us or by another. Some servers miss the key instead.</summary>
    internal static bool IsUploadGone(Exception failure) => failure is AmazonServiceException { ErrorCode: "NoSuchUpload" or "NoSuchKey" };

    /// <summary>
    /// What an exception means: no answer and refusals are <see cref="ErrorCode.StorageUnavailable"/>, anything else that the server says an
    /// <see cref="IOException"/>; null for what is not its.
    /// </summary>
    internal static Exception? Translate(Exception failure, Uri bucket) => failure switch
    {
        R2DamageException => Unavailable(bucket, failure.Message, "Look at the network between this machine and the bucket.", failure),
        AmazonServiceException { ErrorCode: "RequestTimeTooSkewed" } => Unavailable(
            bucket, "refuses, because this machine's clock is wrong", "Set the clock.", failure),
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => Unavailable(
            bucket, "is not there", $"Make the bucket, or correct {R2Options.BucketVariable} or {R2Options.EndpointVariable}.", failure),
        AmazonServiceException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused => Unavailable(
            bucket, $"refuses: {Said(refused)}",
            $"Give {R2Options.AccessKeyVariable} and {R2Options.SecretKeyVariable} of a token that may read and write this bucket.", failure),
        AmazonServiceException silent when IsSilence(silent) => NoAnswer(bucket, Said(silent), failure),
        AmazonServiceException odd => new IOException($"{bucket} answered {(int)odd.StatusCode} {Said(odd)}.", odd),
        AmazonClientException or OperationCanceledException or IOException or HttpRequestException =>
            NoAnswer(bucket, FirstLine(failure), failure),
        _ => null,
    };

    private static bool IsSilence(AmazonServiceException failure) => (int)failure.StatusCode is 0 or 408 or 429 or >= 500;

    private static TalkException NoAnswer(Uri bucket, string said, Exception failure) => Unavailable(
        bucket, $"does not answer: {said}", $"Look whether {R2Options.EndpointVariable} is right and reachable, and go on.", failure);

    private static TalkException Unavailable(Uri bucket, string what, string advice, Exception failure) =>
        new(ErrorCode.StorageUnavailable, $"{bucket} {what}. {advice}", failure);

    private static string Said(AmazonServiceException failure) =>
        string.IsNullOrEmpty(failure.ErrorCode) ? FirstLine(failure) : failure.ErrorCode;

    private static string FirstLine(Exception failure) => failure.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
}

/// <summary>The server has something else than what was sent.</summary>
internal sealed class R2DamageException(string message) : Exception(message);
