using WanTalk.Core.Artifacts;
using WanTalk.Core.Work;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Runs;
using WanTalk.Ports;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;

namespace WanTalk.Faults.Houses;

/// <summary>The programs of a house as they run, with what is between them.</summary>
internal sealed class RunningHouse : IAsyncDisposable
{
    private const string Greeting = "wantalk serving on";
    private readonly string _folder;
    private readonly int _port = FreePorts.Take(1)[0];

    private RunningHouse(House house, string folder, KeptAccount? account)
    {
        (House, _folder, Account) = (house, folder, account);
        Home = new HomeLayout(Path.Combine(folder, "home"));
        Directory.CreateDirectory(Home.Published);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(15) };
    }

    /// <summary>Which of the two it is.</summary>
    public House House { get; }

    /// <summary>The host's home.</summary>
    public HomeLayout Home { get; }

    /// <summary>The API.</summary>
    public HttpClient Http { get; }

    /// <summary>The host.</summary>
    public KeptProgram Host { get; private set; } = null!;

    /// <summary>The runner that is not the host's; null where there is none.</summary>
    public KeptProgram? OtherRunner { get; private set; }

    /// <summary>The engine that no runner started; null where there is none.</summary>
    public KeptProgram? Engine { get; private set; }

    /// <summary>The other runner's home.</summary>
    public HomeLayout OtherHome => new(Path.Combine(_folder, "other"));

    /// <summary>Where that engine can be told to fail, past any gate.</summary>
    public Uri EngineAddress { get; private set; } = null!;

    /// <summary>Between a runner and its engine.</summary>
    public Gate? EngineGate { get; private set; }

    /// <summary>The storage account; null where all is in a folder.</summary>
    public KeptAccount? Account { get; }

    /// <summary>The homes in which engines may have left something.</summary>
    public IEnumerable<HomeLayout> Homes => OtherRunner is null ? [Home] : [Home, OtherHome];

    /// <summary>The folders that engines write into.</summary>
    public IEnumerable<string> EngineFolders => Homes.Select(home => home.Engine).Append(FolderOfEngine).Where(Directory.Exists);

    /// <summary>The files that engines print into.</summary>
    public IEnumerable<string> EngineLogs => Homes
        .Where(home => Directory.Exists(home.Logs))
        .SelectMany(home => Directory.EnumerateFiles(home.Logs, "comfyui.log*"))
        .Append(Path.Combine(_folder, "engine.log")).Where(File.Exists);

    private string FolderOfEngine => Path.Combine(_folder, "engine");

    /// <summary>Starts one.</summary>
    /// <param name="house">Which.</param>
    /// <param name="root">Where its folder is made.</param>
    /// <param name="log">What it does by itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RunningHouse> StartAsync(House house, string root, RunLog log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"{house}".ToLowerInvariant())).FullName;
        var account = house == House.Account ? await KeptAccount.StartAsync(cancellationToken) : null;
        var running = new RunningHouse(house, folder, account);
        try
        {
            await running.StartAsync(log, cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the artifacts, past any gate.</summary>
    public IArtifactStore OpenStore() => Account is null
        ? new FolderArtifactStore(Home.Artifacts, TimeProvider.System)
        : new BlobArtifactStore(OpenAccount());

    /// <summary>Opens the queues, past any gate.</summary>
    public (IWorkQueues Queues, IDisposable? Owned) OpenQueues()
    {
        if (Account is not null)
        {
            return (new StorageWorkQueues(OpenAccount(), TimeProvider.System), null);
        }

        var queues = new LocalWorkQueues(Home, TimeProvider.System);
        return (queues, queues);
    }

    /// <summary>The processes of a room in a home.</summary>
    public static IReadOnlyList<int> ProcessesOf(HomeLayout home, string room) =>
        [.. Processes.Of(home.Root).Where(process => process.Room == room).Select(process => process.Id)];

    /// <summary>Ends the programs with SIGTERM.</summary>
    /// <returns>Those that had to be killed.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        KeptProgram?[] programs = [OtherRunner, Host, Engine];
        var stuck = new List<string>();
        foreach (var program in programs.OfType<KeptProgram>())
        {
            if (!await program.StopAsync())
            {
                stuck.Add(program.Name);
            }
        }

        return stuck;
    }

    public async ValueTask DisposeAsync()
    {
        KeptProgram?[] programs = [OtherRunner, Host, Engine];
        foreach (var program in programs.OfType<KeptProgram>())
        {
            await program.DisposeAsync();
        }

        if (EngineGate is not null)
        {
            await EngineGate.DisposeAsync();
        }

        if (Account is not null)
        {
            await Account.DisposeAsync();
        }

        Http.Dispose();
    }

    private AzureStorageAccount OpenAccount() => new(new AzureStorageOptions { ConnectionString = Account!.ConnectionString });

    private async Task StartAsync(RunLog log, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["WANTALK_COOLDOWN_SECONDS"] = "5" };
        string[] more = [];
        if (Account is not null)
        {
            more = ["--storage", "azure", "--shared-lanes", "--comfyui", await StartEngineAsync(log, cancellationToken)];
            environment[AzureStorageOptions.ConnectionStringVariable] = Account.Through();
        }

        Host = Keep("host", [.. SmallDisk.Through(Home.Scratch), "dotnet", Repository.ProgramOf("Local"), "serve",
            "--port", $"{_port}", "--home", Home.Root, .. more], environment, Greeting, log);
        await Host.StartAsync(cancellationToken);
        if (Account is not null)
        {
            await StartOtherRunnerAsync(environment, log, cancellationToken);
        }
    }

    /// <returns>The address of the gate before it.</returns>
    private async Task<string> StartEngineAsync(RunLog log, CancellationToken cancellationToken)
    {
        var port = FreePorts.Take(1)[0];
        EngineAddress = new Uri($"http://127.0.0.1:{port}");
        EngineGate = new Gate(port);
        Engine = Keep("engine", ["dotnet", Repository.ProgramOf("Understudy"), "--port", $"{port}", "--dir", FolderOfEngine,
            "--exit-with-stdin", "--faults"], new Dictionary<string, string>(), "understudy listening on", log);
        await Engine.StartAsync(cancellationToken);
        return $"http://127.0.0.1:{EngineGate.Port}";
    }

    /// <summary>Like one in a container: its home is its own, but for the place that videos are published to.</summary>
    private Task StartOtherRunnerAsync(Dictionary<string, string> environment, RunLog log, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(OtherHome.Root);
        Directory.CreateSymbolicLink(OtherHome.Published, Home.Published);
        environment = new Dictionary<string, string>(environment) { [AzureStorageOptions.ConnectionStringVariable] = Account!.Through() };
        OtherRunner = Keep("other runner", ["dotnet", Repository.ProgramOf("GpuRunner"), "--home", OtherHome.Root,
            "--storage", "azure", "--shared-lanes", "true", "--face-required", "--until-signalled",
            "--engine-command", "dotnet", Repository.ProgramOf("Understudy"), "--port", "{port}", "--dir", OtherHome.Engine, "--exit-with-stdin"],
            environment, null, log);
        return OtherRunner.StartAsync(cancellationToken);
    }

    private KeptProgram Keep(
        string what, IReadOnlyList<string> line, IReadOnlyDictionary<string, string> environment, string? greeting, RunLog log) =>
        new($"{House} {what}", line, environment, greeting, Path.Combine(_folder, $"{what}.log"), log);
}
