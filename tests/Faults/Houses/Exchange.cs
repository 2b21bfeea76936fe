using System.ComponentModel;
using System.Runtime.InteropServices;

namespace WanTalk.Faults.Houses;

/// <summary>Two names change places at once: nobody finds one of them missing meanwhile.</summary>
internal static class Exchange
{
    private const int RelativeToHere = -100;
    private const uint ExchangeNames = 2;

    /// <summary>renameat2(2) with RENAME_EXCHANGE.</summary>
    public static void Names(string one, string other)
    {
        if (RenameCore(RelativeToHere, one, RelativeToHere, other, ExchangeNames) != 0)
        {
            throw new IOException($"{one} and {other} cannot change places.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameCore(
        int oneFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string one, int otherFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
