using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>What keeps the ids of talks that messages ask for from being guessed: given, or drawn once for a home.</summary>
internal static class IdSecret
{
    /// <summary>The variable with the secret; for hosts that share a queue.</summary>
    public const string Variable = "WANTALK_ID_SECRET";

    private const int DrawnBytes = 32;

    /// <summary>Reads the secret, or draws it.</summary>
    /// <param name="home">The home, whose lock the caller holds.</param>
    /// <param name="variable">Gives a variable's value.</param>
    /// <exception cref="TalkException">It is too short, or the file in the home is damaged.</exception>
    public static ReadOnlyMemory<byte> Of(HomeLayout home, Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } given)
        {
            var bytes = Encoding.UTF8.GetBytes(given);
            return bytes.Length >= MessageIntakeOptions.MinSecretBytes
                ? bytes
                : throw new TalkException(
                    ErrorCode.ArgumentInvalid, $"{Variable} is too short. Give at least {MessageIntakeOptions.MinSecretBytes} random characters.");
        }

        var drawn = SecretFile.ReadOrDraw(home.IdSecret, () => RandomNumberGenerator.GetBytes(DrawnBytes));
        return drawn.Length == DrawnBytes
            ? drawn
            : throw new TalkException(
                ErrorCode.ArgumentInvalid,
                $"{home.IdSecret} is damaged. Restore it; without it, repeated messages become new talks. If that does not matter, delete it.");
    }
}
