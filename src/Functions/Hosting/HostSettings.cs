using System.Text;
using WanTalk.Api.Callers;
using WanTalk.Api.RunPod;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Retention;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.Storage.Fetching;

namespace WanTalk.Functions.Hosting;

/// <summary>The host's own settings, from the app's environment. What is missing or wrong is named when the host starts.</summary>
/// <param name="Messages">How messages become talks: <see cref="IdSecretVariable"/> (required) and <see cref="ReplyQueuesVariable"/>.</param>
/// <param name="Requests">What is decided about requests: <see cref="RequestOptions.WorkflowNodesVariable"/>, <see cref="RequestOptions.DefaultPresetVariable"/>.</param>
/// <param name="Callers">Who may call: <see cref="ApiKeys.Variable"/>, <see cref="CallerOptions.EntraVariable"/>; one of them is required.</param>
/// <param name="Retention">How long ended talks are kept: <see cref="RetentionOptions.DaysVariable"/>.</param>
/// <param name="Webhooks">How webhooks are signed, and where they may go: <see cref="WebhookSigner.SecretsVariable"/>, <see cref="FetchOptions.PrivateHostsVariable"/>.</param>
/// <param name="Uploads">What may be uploaded: <see cref="UploadOptions.MaxBytesVariable"/>, <see cref="UploadOptions.MostPerCallerVariable"/>.</param>
/// <param name="RunPod">How RunPod's contract is answered: <see cref="RunPodOptions.MostWaitVariable"/>.</param>
/// <param name="Prices">What GPUs cost: <see cref="GpuPrices.PricesVariable"/> and <see cref="GpuPrices.CurrencyVariable"/>.</param>
public sealed record HostSettings(
    MessageIntakeOptions Messages,
    RequestOptions Requests,
    CallerOptions Callers,
    RetentionOptions Retention,
    WebhookOptions Webhooks,
    UploadOptions Uploads,
    RunPodOptions RunPod,
    GpuPrices Prices)
{
    /// <summary>The variable with the secret that keeps ids of queues' talks from being guessed.</summary>
    public const string IdSecretVariable = "WANTALK_ID_SECRET";

    /// <summary>The variable with the queues that may be replied to, separated by commas.</summary>
    public const string ReplyQueuesVariable = "WANTALK_REPLY_QUEUES";

    /// <summary>The longest answer, in seconds: the platform ends requests after 230 s.</summary>
    public const int MostAnswerSeconds = 200;

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is missing or wrong, which it names.</exception>
    public static HostSettings Read(Func<string, string?> variable)
    {
        var secret = Encoding.UTF8.GetBytes(variable(IdSecretVariable) ?? "");
        if (secret.Length < MessageIntakeOptions.MinSecretBytes)
        {
            throw Wrong(IdSecretVariable, $"has {secret.Length} bytes. Give at least {MessageIntakeOptions.MinSecretBytes} random ones, and keep them.");
        }

        var callers = CallerOptions.FromEnvironment(variable);
        if (!callers.AreChecked)
        {
            throw Wrong(ApiKeys.Variable, $"has no keys, and {CallerOptions.EntraVariable} is not true. Give one of them: this host is on the internet.");
        }

        return new HostSettings(
            new MessageIntakeOptions { IdSecret = secret, ReplyQueues = ListOf(variable(ReplyQueuesVariable)) },
            RequestOptions.FromEnvironment(variable),
            callers,
            RetentionOptions.FromEnvironment(variable, new RetentionOptions().Keep),
            new WebhookOptions
            {
                Signer = WebhookSigner.Of(variable(WebhookSigner.SecretsVariable)),
                PrivateHosts = FetchOptions.FromEnvironment(variable).PrivateHosts,
            },
            UploadOptions.FromEnvironment(variable),
            RunPodOptions.FromEnvironment(variable, MostAnswerSeconds),
            GpuPrices.FromEnvironment(variable));
    }

    private static string[] ListOf(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static TalkException Wrong(string variable, string what) => new(ErrorCode.ArgumentInvalid, $"{variable} {what}");
}
