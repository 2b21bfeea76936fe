using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Watching;

/// <summary>The API as a patient client uses it: what gets no answer, or one that says to try later, is tried again.</summary>
/// <param name="house">The house.</param>
/// <param name="speeches">The speech of each script.</param>
internal sealed class TalkApi(RunningHouse house, IReadOnlyDictionary<Script, string> speeches)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Asks for a talk until it is accepted.</summary>
    /// <returns>Its id; or what it was refused with.</returns>
    public async Task<(string? Id, string? Refusal)> SubmitAsync(Script script, string key, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAsync(() => Submission(script, key), cancellationToken) is { } answer)
            {
                if (answer.Status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                {
                    using var view = JsonDocument.Parse(answer.Body);
                    return (view.RootElement.GetProperty("id").GetString(), null);
                }

                // 409: the request whose answer was lost is still being accepted.
                if ((int)answer.Status < 500 && answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests))
                {
                    return (null, $"{(int)answer.Status} {answer.Body}");
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Looks at a talk once.</summary>
    /// <returns>What is seen, null when nothing is; whether there is no such talk.</returns>
    public async Task<(TalkSight? Sight, bool IsUnknown)> LookAsync(string id, CancellationToken cancellationToken) =>
        await TryAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/api/talks/{id}"), cancellationToken) switch
        {
            { Status: HttpStatusCode.OK or HttpStatusCode.Accepted } answer => (TalkSight.Read(answer.Body), false),
            { Status: HttpStatusCode.NotFound } => (null, true),
            _ => (null, false),
        };

    /// <summary>Cancels or retries a talk, until there is an answer.</summary>
    /// <returns>Whether it was accepted; else the talk has ended, or goes on, already.</returns>
    public async Task<bool> AskAsync(string id, string what, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await TryAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/talks/{id}/{what}"), cancellationToken);
            if (answer is { } given && (int)given.Status < 500)
            {
                return (int)given.Status < 300;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Downloads a completed talk's video, until there is an answer.</summary>
    /// <returns>Its SHA-256; or the answer that is none.</returns>
    public async Task<(string? Sha256, string? Refusal)> DownloadAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await house.Http.GetAsync(
                    new Uri($"/api/talks/{id}/video", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    await using var video = await answer.Content.ReadAsStreamAsync(cancellationToken);
                    return (Convert.ToHexStringLower(await SHA256.HashDataAsync(video, cancellationToken)), null);
                }

                if ((int)answer.StatusCode < 500)
                {
                    return (null, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }
            catch (Exception away) when (IsAway(away, cancellationToken))
            {
                // Killed, paused or cut off at the moment.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)?> TryAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        try
        {
            using var request = make();
            using var answer = await house.Http.SendAsync(request, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception away) when (IsAway(away, cancellationToken))
        {
            return null;
        }
    }

    private static bool IsAway(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private HttpRequestMessage Submission(Script script, string key)
    {
        var form = new MultipartFormDataContent
        {
            { new StreamContent(File.OpenRead(Repository.Portrait)), "portrait", "portrait.png" },
            { new StreamContent(File.OpenRead(speeches[script])), "speech", "speech.wav" },
            { new StringContent($"{script.Side}"), "width" },
            { new StringContent($"{script.Side}"), "height" },
            { new StringContent($"{script.Seed}"), "seed" },
        };
        if (script.TakeSeconds is { } seconds)
        {
            form.Add(new StringContent("takes"), "continuity");
            form.Add(new StringContent(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)), "take_seconds");
        }

        return new HttpRequestMessage(HttpMethod.Post, "/api/talks") { Content = form, Headers = { { "Idempotency-Key", key } } };
    }
}
