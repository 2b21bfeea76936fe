using System.Text.Json;
using WanTalk.Core.Json;

namespace WanTalk.Core.Work;

/// <summary>A <see cref="Completion"/> as it travels on the queue of completions.</summary>
public static class CompletionMessage
{
    /// <summary>Reads a message's body; null when it is none.</summary>
    public static Completion? TryRead(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Completion>(body, CoreJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
