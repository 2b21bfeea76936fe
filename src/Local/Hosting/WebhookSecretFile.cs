using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Core.Webhooks;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>What webhooks are signed with: given, or drawn once for a home, where who receives them finds it.</summary>
internal static class WebhookSecretFile
{
    private const int DrawnBytes = 32;

    /// <summary>Reads the secrets, or draws one.</summary>
    /// <param name="home">The home, whose lock the caller holds.</param>
    /// <param name="variable">Gives a variable's value.</param>
    /// <exception cref="TalkException">A secret is none, or the file in the home is damaged.</exception>
    public static WebhookSigner SignerOf(HomeLayout home, Func<string, string?> variable)
    {
        if (WebhookSigner.Of(variable(WebhookSigner.SecretsVariable)) is { } given)
        {
            return given;
        }

        var drawn = SecretFile.ReadOrDraw(
            home.WebhookSecret, () => Encoding.ASCII.GetBytes(WebhookSecret.Write(RandomNumberGenerator.GetBytes(DrawnBytes))));
        var text = Encoding.ASCII.GetString(drawn).Trim();
        return WebhookSecret.TryParse(text, out _)
            ? WebhookSigner.Of(text)!
            : throw new TalkException(
                ErrorCode.ArgumentInvalid,
                $"{home.WebhookSecret} is damaged. Restore it, or delete it to have another secret drawn, which receivers then have to be given.");
    }
}
