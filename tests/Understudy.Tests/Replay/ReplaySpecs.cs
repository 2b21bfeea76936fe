using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>The understudy answers as the recorded server did.</summary>
public sealed class ReplaySpecs
{
    /// <summary>What is deliberately different, by the note of the recorded request, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["GET /api/jobs"] = "A second view of queue and history that no client of ours reads; not built.",
        ["LoadImage: traversal name"] = "The real server follows a name out of the input folder; the understudy does not.",
        ["LoadImage: absolute path that exists"] = "As above.",
        ["GET /view?filename=dup.png&type=input&preview="] = "Smaller copies for the browser; not built.",
        ["900 kB prompt"] = "The recording has only the length of the body.",
        ["1501 nodes"] = "As above.",
        ["1.2 MB"] = "The recorded server was started with a limit of 1 MB; the understudy has the default of 100 MB.",
        ["60 MB"] = "As above.",
        ["GET /features"] = "As above.",
    };

    [Theory]
    [InlineData("a_success")]
    [InlineData("c_validation")]
    [InlineData("d_execution_error")]
    [InlineData("e_interrupt")]
    [InlineData("f_queue")]
    [InlineData("g_upload_view")]
    [InlineData("i1_reconnect_midrun")]
    [InlineData("i2_second_socket_same_id")]
    [InlineData("i3_no_client_id")]
    [InlineData("i4_late_connect")]
    [InlineData("k_bad_requests")]
    [InlineData("l_multipart_raw")]
    [InlineData("o_odd_ids")]
    public async Task The_recorded_client_gets_the_recorded_answers(string recording)
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        Prepare(engine.Folder, recording);
        await using var replayer = new Replayer(engine.Address, Different.Keys);

        await replayer.PlayAsync(recording, TestContext.Current.CancellationToken);

        Assert.True(replayer.Differences.Count == 0, string.Join("\n", replayer.Differences));
    }

    /// <summary>What was in the recorded server's folders before.</summary>
    private static void Prepare(string folder, string recording)
    {
        var input = Path.Combine(folder, "input");
        Directory.CreateDirectory(Path.Combine(input, "jobs", "j1"));
        File.WriteAllBytes(Path.Combine(input, "probe.png"), TalkInputs.Png(64, 48));
        File.WriteAllBytes(Path.Combine(input, "jobs", "j1", "s.png"), TalkInputs.Png(64, 48));
        if (recording != "c_validation")
            return;
        var output = Directory.CreateDirectory(Path.Combine(folder, "output", "rec")).FullName;
        File.WriteAllBytes(Path.Combine(output, "a_00001_.png"), TalkInputs.Png(64, 48));
    }
}
