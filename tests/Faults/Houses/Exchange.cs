using System.Runtime.InteropServices;

namespace WanTalk.Faults.Houses;

/// <summary>Two names change places at once: nobody finds one of them missing meanwhile, where the file system can do that.</summary>
internal static class Exchange
{
    private const int RelativeToHere = -100;
    private const uint ExchangeNames = 2;

    /// <summary>renameat2(2) with RENAME_EXCHANGE; one after the other on a file system that cannot do it at once, as one in layers may not.</summary>
    public static void Names(string one, string other)
    {
        if (RenameCore(RelativeToHere, one, RelativeToHere, other, ExchangeNames) != 0)
        {
            var between = $"{one}.between";
            Move(one, between);
            Move(other, one);
            Move(between, other);
        }
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameCore(
        int oneFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string one, int otherFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
