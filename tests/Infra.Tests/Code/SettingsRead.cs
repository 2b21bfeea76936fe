using System.Reflection;
using System.Text.RegularExpressions;
using WanTalk.Api.Callers;
using WanTalk.Api.RunPod;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Retention;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.GpuRunner;
using WanTalk.Storage;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.R2;

namespace WanTalk.Infra.Tests.Code;

/// <summary>The settings that WanTalk's programs read from their environment, out of the code that reads them.</summary>
internal static partial class SettingsRead
{
    /// <summary>What reaches artifacts and lanes in Azure Storage.</summary>
    public static IReadOnlyList<string> Azure { get; } =
        [.. Constants(typeof(StorageAdapters)), .. Constants(typeof(AzureStorageOptions))];

    /// <summary>What every runner reads.</summary>
    public static IReadOnlyList<string> Runner { get; } = [.. Constants(RunnerEnvironment()), .. Azure];

    /// <summary>What a runner reads for prepare and publish, stages of the media lane.</summary>
    public static IReadOnlyList<string> Media { get; } = [.. Constants(typeof(R2Options)), .. Constants(typeof(FetchOptions))];

    /// <summary>What the Azure host reads itself.</summary>
    public static IReadOnlyList<string> Host { get; } =
        [
            .. HostConstants("Hosting/HostSettings.cs").Select(constant => constant.Value), .. Constants(typeof(ApiKeys)),
            .. Constants(typeof(WebhookSigner)), .. Constants(typeof(RunPodOptions)), .. Constants(typeof(FetchOptions)),
            .. Constants(typeof(RetentionOptions)), .. Constants(typeof(RequestOptions)),
            .. Constants(typeof(CallerOptions)), .. Constants(typeof(GpuPrices)), .. Constants(typeof(UploadOptions)), .. Azure,
        ];

    /// <summary>The setting with the name of the queue of completions: a trigger has it between per cent signs.</summary>
    public static string CompletionsQueue { get; } = HostConstants("Messages/StageCompleted.cs")["Queue"].Trim('%');

    /// <summary>How the settings that say how the trigger of completions reaches its queue begin.</summary>
    public static string CompletionsConnection { get; } = HostConstants("Messages/StageCompleted.cs")["Connection"];

    /// <summary>How the settings that say how Service Bus is reached begin.</summary>
    public static string ServiceBusConnection { get; } = HostConstants("Messages/TalkQueue.cs")["Connection"];

    /// <summary>The queue of talks.</summary>
    public static string TalksQueue { get; } = HostConstants("Messages/TalkQueue.cs")["Name"];

    private static Type RunnerEnvironment() =>
        typeof(RunnerOptions).Assembly.GetType($"{typeof(RunnerOptions).Namespace}.RunnerEnvironment", throwOnError: true)!;

    private static List<string> Constants(Type type)
    {
        var names = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(value => VariableName().IsMatch(value)).ToList();
        Assert.NotEmpty(names);
        return names;
    }

    private static Dictionary<string, string> HostConstants(string file)
    {
        var constants = StringConstant().Matches(File.ReadAllText(Path.Combine(Files.Host, file)))
            .ToDictionary(found => found.Groups["name"].Value, found => found.Groups["value"].Value);
        Assert.NotEmpty(constants);
        return constants;
    }

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex VariableName();

    [GeneratedRegex("public const string (?<name>\\w+) = \"(?<value>[^\"]+)\";")]
    private static partial Regex StringConstant();
}
