using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Bench.ComfyUI;

/// <summary>
/// What common workers do: the prompt is queued, and its history is asked for four times a second until it is there. The first look comes at
/// once.
/// </summary>
/// <param name="http">The server.</param>
internal sealed class PollingClient(HttpClient http)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs a prompt.</summary>
    /// <param name="graph">The graph in API format.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id, and its outputs by node.</returns>
    public async Task<(string Id, JsonObject Outputs)> RunPromptAsync(JsonObject graph, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync("prompt", new JsonObject { ["prompt"] = graph }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var queued = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        var id = (string)queued!["prompt_id"]!;
        while (true)
        {
            var history = await http.GetFromJsonAsync<JsonObject>($"history/{id}", cancellationToken);
            if (history![id] is JsonObject entry)
            {
                return (id, entry["outputs"]!.AsObject());
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
