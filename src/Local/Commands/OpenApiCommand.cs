using System.CommandLine;
using WanTalk.Api.OpenApi;

namespace WanTalk.Local.Commands;

/// <summary><c>openapi</c>: writes the API's description, which the build keeps beside the programs for those who generate clients from it.</summary>
internal static class OpenApiCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("openapi", "Write the API's OpenAPI 3.1 description to standard output.");
        command.SetAction((_, cancellationToken) => CommandRun.GuardAsync(async () =>
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(OpenApiDocument.ToBytes(OpenApiDocument.Build()), cancellationToken);
        }));
        return command;
    }
}
