using System.Net.WebSockets;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>The understudy answers as the recorded server did.</summary>
public sealed class ReplaySpecs
{
    /// <summary>Requests that are deliberately not answered as recorded, by the beginning of their names, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["LoadImage: traversal name"] = "The real server follows a name out of the input folder; the understudy does not.",
        ["LoadImage: absolute path that exists"] = "As above.",
        ["../main.py"] = "As above.",
        ["absolute"] = "As above.",
        ["with empty placeholder model files"] = "The recorded server was given files in between; the understudy reads its list when it starts.",
        ["GET /history/bd6422be"] = "Of that prompt.",
        ["GET /models/"] = "Of those files.",
        ["GET /object_info/WanVideoModelLoader"] = "Of those files.",
    };

    /// <summary>Answers that deliberately have other bodies than the recorded ones, and why.</summary>
    private static readonly Dictionary<string, string> OtherBodies = new()
    {
        ["GET /"] = "The recorded server had a stub in the place of ComfyUI's page; the understudy says what it is.",
        ["GET /extensions"] = "The list of two packs' scripts for that page.",
    };

    /// <summary>Requests whose answer is compared, but not how they run, and why.</summary>
    private static readonly Dictionary<string, string> OtherRuns = new()
    {
        ["inputs present, no models"] = "A library of the recorded server's was a stub, on which its audio node failed.",
    };

    [Theory]
    [InlineData("a_success")]
    [InlineData("a3_vhs_video_combine")]
    [InlineData("c2_infinitetalk_graph")]
    [InlineData("d2_load_errors")]
    [InlineData("a2_preview_frames_legacy")]
    [InlineData("a2_preview_frames_metadata")]
    [InlineData("b_cached")]
    [InlineData("c_validation")]
    [InlineData("d_execution_error")]
    [InlineData("e_interrupt")]
    [InlineData("f_queue")]
    [InlineData("g_upload_view")]
    [InlineData("h_info")]
    [InlineData("i1_reconnect_midrun")]
    [InlineData("i2_second_socket_same_id")]
    [InlineData("i3_no_client_id")]
    [InlineData("i4_late_connect")]
    [InlineData("j_kill_restart")]
    [InlineData("k_bad_requests")]
    [InlineData("l_multipart_raw")]
    [InlineData("n_stalled_reader")]
    [InlineData("o_odd_ids")]
    public async Task The_recorded_client_gets_the_recorded_answers(string name)
    {
        var stop = TestContext.Current.CancellationToken;
        var recording = await Recording.ReadAsync(name, stop);
        var differences = await PlayAsync(recording, stop);
        for (var again = 0; differences.Count > 0 && again < 2; again++)
            differences = await PlayAsync(recording, stop);

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    /// <summary>
    /// Plays a recording to a fresh server. The recorded client looked at prompts that run for a tenth of a second; one that a busy machine
    /// holds up for longer finds them done, as it would at the real server; and while a killed server is away another program may take its
    /// port. So the spec plays again what differed or broke off: a server that answers differently does so every time.
    /// </summary>
    private static async Task<List<string>> PlayAsync(Recording recording, CancellationToken cancellationToken)
    {
        try
        {
            await using var server = await ReplayedServer.StartAsync(recording.Name, cancellationToken);
            await using var replayer = new Replayer(recording, server, Different.Keys, OtherBodies.Keys) { OtherRuns = OtherRuns.Keys };
            await replayer.PlayAsync(cancellationToken);
            return replayer.Differences;
        }
        catch (Exception broken) when (broken is InvalidOperationException or HttpRequestException or WebSocketException or IOException)
        {
            return [$"It broke off: {broken}"];
        }
    }
}
