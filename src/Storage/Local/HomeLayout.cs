namespace WanTalk.Storage.Local;

/// <summary>What lies where in the folder that host, runner and engine share on one machine.</summary>
/// <param name="Root">The home folder, as a full path.</param>
public sealed record HomeLayout(string Root)
{
    /// <summary>The artifacts of all talks.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>Finished videos, by talk and hash.</summary>
    public string Published => Path.Combine(Root, "published");

    /// <summary>The durable runtime's state.</summary>
    public string StateDatabase => Path.Combine(Root, "state.db");

    /// <summary>The lanes' queues: hints that a starting host makes anew.</summary>
    public string LaneDatabase => Path.Combine(Root, "lanes.db");

    /// <summary>The completions' queue.</summary>
    public string CompletionDatabase => Path.Combine(Root, "completions.db");

    /// <summary>Who owns which talk, and what each caller has under way.</summary>
    public string IndexDatabase => Path.Combine(Root, "index.db");

    /// <summary>The runner's own files; nothing in it outlives the runner.</summary>
    public string Scratch => Path.Combine(Root, "scratch");

    /// <summary>Speeches that are measured for quotes; nothing in it outlives the host.</summary>
    public string Measuring => Path.Combine(Root, "measuring");

    /// <summary>The understudy's input, output and temporary files; nothing in it outlives the runner but finished windows (<see cref="EngineUses"/>).</summary>
    public string Engine => Path.Combine(Root, "engine");

    /// <summary>Which uses of the engine sample, a file for each take: what to look for when runner or engine has died.</summary>
    public string EngineUses => Path.Combine(Root, "engine-uses");

    /// <summary>What runner and engine print.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>What keeps the ids of talks that messages ask for from being guessed.</summary>
    public string IdSecret => Path.Combine(Root, "id.secret");

    /// <summary>What webhooks are signed with.</summary>
    public string WebhookSecret => Path.Combine(Root, "webhook.secret");

    /// <summary>What addresses for uploads are signed with.</summary>
    public string UploadSecret => Path.Combine(Root, "upload.secret");

    /// <summary>Held by the host that uses this home.</summary>
    public string HostLock => Path.Combine(Root, "host.lock");

    /// <summary>Held by the runner that uses this home.</summary>
    public string RunnerLock => Path.Combine(Root, "runner.lock");
}
