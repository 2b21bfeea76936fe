using System.Text.Json;

namespace WanTalk.EndToEnd.Support;

/// <summary>One undisturbed talk of the samples at 512x512, which several specifications look at.</summary>
[CollectionDefinition(Collection)]
public sealed class SampleTalk : IAsyncLifetime, ICollectionFixture<SampleTalk>
{
    public const string Collection = "the sample talk";

    private readonly TemporaryFolder _folder = new();

    public string Video => _folder.File("talk.mp4");

    internal CommandResult Result { get; private set; } = null!;

    public JsonElement Summary { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Result = await WanTalkCommand.RunAsync(
            _folder, "talk", Repository.Portrait, Repository.Speech, "--out", Video, "--width", "512", "--height", "512", "--seed", "7", "--json");
        Assert.True(Result.ExitCode == 0, Result.Said);
        Summary = JsonDocument.Parse(Result.Output[^1]).RootElement;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
