using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WanTalk.Api.Talks;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Events;

/// <summary>A talk's state as an event.</summary>
/// <param name="Id">Follows from the data alone, so that every instance of a host knows by it what a watcher has.</param>
/// <param name="Data">The state, as JSON on one line.</param>
/// <param name="IsLast">Whether the talk has ended.</param>
internal sealed record TalkEvent(string Id, string Data, bool IsLast)
{
    private const int IdCharacters = 32;

    /// <summary>The event of a state.</summary>
    public static TalkEvent Of(HttpContext http, TalkView view)
    {
        var data = TalkAnswer.BodyOf(http, view).ToJsonString(CoreJson.Options);
        return new TalkEvent(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)))[..IdCharacters], data, view.Status.HasEnded());
    }

    /// <summary>The event in the format of event streams (WHATWG HTML, "Server-sent events").</summary>
    public override string ToString() => $"id: {Id}\nevent: {(IsLast ? "end" : "progress")}\ndata: {Data}\n\n";
}
