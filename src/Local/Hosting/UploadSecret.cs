using System.Security.Cryptography;
using WanTalk.Core.Errors;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>What addresses for uploads are signed with: drawn once for a home.</summary>
internal static class UploadSecret
{
    private const int DrawnBytes = 32;

    /// <summary>Reads the secret, or draws it.</summary>
    /// <param name="home">The home, whose lock the caller holds.</param>
    /// <exception cref="TalkException">The file in the home is damaged.</exception>
    public static ReadOnlyMemory<byte> Of(HomeLayout home)
    {
        var drawn = SecretFile.ReadOrDraw(home.UploadSecret, () => RandomNumberGenerator.GetBytes(DrawnBytes));
        return drawn.Length == DrawnBytes
            ? drawn
            : throw new TalkException(
                ErrorCode.ArgumentInvalid, $"{home.UploadSecret} is damaged. Delete it; addresses that were given for uploads are of no use then.");
    }
}
