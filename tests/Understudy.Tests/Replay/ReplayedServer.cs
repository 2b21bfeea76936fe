using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>The understudy in the recorded server's place: what was there before, and what happened to it meanwhile.</summary>
public sealed class ReplayedServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-").FullName;
    private readonly string[] _arguments;
    private UnderstudyProcess _process = null!;

    private ReplayedServer(string recording) =>
        _arguments = recording == "k_bad_requests" ? ["--probes", "--max-upload-size", "1"] : ["--probes"];

    public Uri Address => _process.Address;

    public string Folder => _folder;

    public static async Task<ReplayedServer> StartAsync(string recording, CancellationToken cancellationToken)
    {
        var server = new ReplayedServer(recording);
        server.PutFiles(recording);
        server._process = await UnderstudyProcess.StartAsync(server._folder, 0, server._arguments);
        await server.RunEarlierPromptsAsync(recording, cancellationToken);
        return server;
    }

    /// <summary>Does to the server what a note says that was done to it; false if it says nothing of the kind.</summary>
    public async Task<bool> HappenAsync(string note)
    {
        if (note == "SIGKILL")
            await _process.KillAsync();
        else if (note.StartsWith("restarted", StringComparison.Ordinal))
            await RestartAsync();
        else if (note.EndsWith("exit code -15", StringComparison.Ordinal))
            Assert.Equal(128 + 15, await _process.TerminateAsync());
        else if (note.StartsWith("now the SaveImage file is deleted", StringComparison.Ordinal))
            File.Delete(Path.Combine(_folder, "output", "rec", "b_00002_.png"));
        else
            return false;
        return true;
    }

    /// <summary>Does what was done to the server right after a request was answered.</summary>
    public void Answered(string request)
    {
        if (request.StartsWith("valid now, the file is deleted", StringComparison.Ordinal))
            File.Delete(Path.Combine(_folder, "input", "gone.png"));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RestartAsync()
    {
        var port = _process.Address.Port;
        await _process.DisposeAsync();
        _process = await UnderstudyProcess.StartAsync(_folder, port, _arguments);
    }

    private void PutFiles(string recording)
    {
        var probe = RecordedFiles.Find(RecordedFiles.Probe)!;
        Put("input/probe.png", probe);
        Put("input/jobs/j1/s.png", probe);
        string[] more = recording switch
        {
            "b_cached" or "c_validation" => ["output/rec/a_00001_.png"],
            "j_kill_restart" => ["output/rec/a_00001_.png", "output/rec/a_00002_.png"],
            "h_info" => ["input/..%2F..%2Fevil.png", "input/....evil.png", "input/trunc.png", "input/zero.png"],
            _ => [],
        };
        foreach (var name in more)
            Put(name, probe);
        if (recording == "d2_load_errors")
        {
            Put("input/notes.txt", "some notes\n"u8.ToArray());
            Put("input/zero.png", []);
            Put("input/trunc.png", TalkInputs.Png(64, 48)[..600]);
            Put("input/gone.png", TalkInputs.Png(64, 48));
        }
        if (recording == "c2_infinitetalk_graph")
            Directory.CreateDirectory(Path.Combine(_folder, "models"));
    }

    private void Put(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Prompts that ran before the recording began and left something behind: in the cache, or in history.</summary>
    private async Task RunEarlierPromptsAsync(string recording, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        JsonObject[] earlier = recording switch
        {
            "b_cached" => [Loading()],
            "h_info" => [.. Enumerable.Range(0, 3).Select(i =>
                new JsonObject { ["prompt"] = Probe.Sleep(1, 0.0, 9100 + i), ["prompt_id"] = $"h-{i}" })],
            _ => [],
        };
        foreach (var prompt in earlier)
            (await http.PostAsJsonAsync("/prompt", prompt, cancellationToken)).EnsureSuccessStatusCode();
        while (earlier.Length > 0 && (await http.GetFromJsonAsync<JsonObject>("/history", cancellationToken))!.Count < earlier.Length)
            await Task.Delay(20, cancellationToken);
    }

    private static JsonObject Loading() => new()
    {
        ["prompt"] = new JsonObject
        {
            ["1"] = Probe.Node("LoadImage", new() { ["image"] = "probe.png" }),
            ["99"] = Probe.Node("ProbeOutNoUi", new() { ["image"] = new JsonArray("1", 0) }),
        },
    };
}
