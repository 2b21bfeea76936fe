using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace WanTalk.Api.Tests.OpenApi;

/// <summary>Asks the server, and holds what it answers against the document.</summary>
internal sealed class AnswerCheck(JsonNode document, HttpClient http)
{
    public async Task<JsonNode> PostAsync(string path, string route, string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await CheckAsync(answer, document["paths"]![route]!["post"]!, status);
    }

    public async Task GetAsync(string path, string route, int status)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        await CheckAsync(answer, document["paths"]![route]!["get"]!, status);
    }

    private async Task<JsonNode> CheckAsync(HttpResponseMessage answer, JsonNode operation, int status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status, $"{answer.RequestMessage!.RequestUri}: {answer.StatusCode} {text}");
        var described = operation["responses"]![status.ToString(CultureInfo.InvariantCulture)];
        Assert.True(described is not null, $"{operation["operationId"]} does not describe {status}");
        var schema = described["content"]?[answer.Content.Headers.ContentType!.MediaType!]?["schema"];
        Assert.True(schema is not null, $"{operation["operationId"]} {status} does not describe {answer.Content.Headers.ContentType}");
        var body = JsonNode.Parse(text)!;
        Assert.Empty(new SchemaCheck(document).Problems(body, schema));
        return body;
    }
}
