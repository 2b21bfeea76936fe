using System.Diagnostics;
using System.Text.Json;
using WanTalk.Ports;

namespace WanTalk.RabbitMQ;

/// <summary>
/// A broker with AMQP 1.0 on free loopback ports, its own among them by which its nodes would find each other, with everything in a
/// temporary folder. It ends with the tests, however they end, and keeps what it has over a kill.
/// </summary>
public sealed class RabbitServer : IAsyncDisposable
{
    /// <summary>Who may send and receive; it may declare nothing.</summary>
    public const string User = "wantalk";

    /// <summary>The user's password, which an address cannot have in it as it is.</summary>
    public const string Password = "p@ss/wörd %";

    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const int Queues = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("wantalk-rabbitmq-").FullName;
    private readonly int _distributionPort;
    private readonly int _mapperPort;
    private int _queues;
    private Process? _process;
    private Task _drained = Task.CompletedTask;

    private RabbitServer()
    {
        var ports = FreePorts.Take(3);
        (Port, _distributionPort, _mapperPort) = (ports[0], ports[1], ports[2]);
    }

    /// <summary>The port of AMQP; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>The operating system's id of the broker.</summary>
    public int ProcessId => int.Parse(File.ReadAllText(PidFile));

    /// <summary>The broker's folder.</summary>
    public string Folder => _folder;

    private string PidFile => Path.Combine(_folder, "pid");

    private string Keep => Path.Combine(_folder, "keep");

    /// <summary>Starts one.</summary>
    public static async Task<RabbitServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RabbitServer();
        server.Configure();
        try
        {
            await server.GoOnAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Queues that no other test uses.</summary>
    public TestQueue NewQueue()
    {
        var number = Interlocked.Increment(ref _queues);
        Assert.True(number <= Queues, "More queues are needed than the broker was given.");
        return new TestQueue(this, $"talks-{number}");
    }

    /// <summary>A queue's address for <c>--queue</c>.</summary>
    public string AddressOf(string queue, string user = User, string password = Password) =>
        $"amqp://{user}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{queue}";

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        await File.WriteAllTextAsync(Keep, "");
        Signal("KILL");
        await EndedAsync();
    }

    /// <summary>Sends a signal to the broker.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>Starts it, or starts it again after a kill, where it was and with what it had.</summary>
    public async Task GoOnAsync(CancellationToken cancellationToken)
    {
        File.Delete(Keep);
        File.Delete(PidFile);
        var broker = Path.Combine(AppContext.BaseDirectory, "rabbitmq", "broker.sh");
        var start = new ProcessStartInfo("sh", [broker, _folder, $"{Guid.NewGuid():n}", Program, "-noinput"])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RABBITMQ_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        var complaint = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            said.Add(line);
            if (line.Contains("completed with", StringComparison.Ordinal))
            {
                _drained = Task.WhenAll(complaint, _process.StandardOutput.ReadToEndAsync(CancellationToken.None));
                return;
            }
        }

        Assert.Fail($"RabbitMQ did not start: {string.Join('\n', said)}{await complaint}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await EndedAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync(CancellationToken.None);
        await _drained;
        _process.Dispose();
        _process = null;
    }

    private void Configure()
    {
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            load_definitions = {Path.Combine(_folder, "definitions.json")}
            log.console = false
            log.file.level = warning

            """);
        File.WriteAllText(Path.Combine(_folder, "plugins"), "[rabbitmq_amqp1_0].");
        var numbers = Enumerable.Range(1, Queues).ToList();
        File.WriteAllText(Path.Combine(_folder, "definitions.json"), JsonSerializer.Serialize(new
        {
            users = new[] { new { name = User, password = Password, tags = "" } },
            vhosts = new[] { new { name = "/" } },
            permissions = new[] { new { user = User, vhost = "/", configure = "^$", write = "^amq\\.default$", read = "^(talks|replies)-.*" } },
            queues = numbers.Select(number => Queue($"talks-{number}", new Dictionary<string, string>
            {
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = $"talks-{number}.dead",
            }))
                .Concat(numbers.Select(number => Queue($"talks-{number}.dead", [])))
                .Concat(numbers.Select(number => Queue($"replies-{number}", []))),
        }));
    }

    private static object Queue(string name, Dictionary<string, string> arguments) =>
        new { name, vhost = "/", durable = true, auto_delete = false, arguments };

    /// <summary>The port mapper and the distribution, by which Erlang's nodes find each other, listen on loopback like the rest.</summary>
    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _folder,
        ["RABBITMQ_ALLOW_INPUT"] = "1", // It becomes the broker instead of starting it.
        ["RABBITMQ_NODENAME"] = "wantalk@localhost",
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_PID_FILE"] = PidFile,
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_PORT"] = $"{_mapperPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };
}
