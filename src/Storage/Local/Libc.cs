using System.Runtime.InteropServices;

namespace WanTalk.Storage.Local;

/// <summary>The system calls that .NET does not offer. The error numbers are Linux's.</summary>
internal static partial class Libc
{
    /// <summary>No such file or folder.</summary>
    internal const int NotFound = 2;

    /// <summary>The file exists.</summary>
    internal const int Exists = 17;

    /// <summary>The folder is not empty.</summary>
    internal const int NotEmpty = 39;

    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const uint EverybodyAsFarAsTheMaskAllows = 0x1FF; // 0777
    private const int ReadOnlyAndClosedOnExec = 0x80000;

    /// <summary>Gives a file a second name; fails when the name is taken, atomically.</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Link(string existing, string name) => LinkCore(existing, name) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Renames a file, replacing an existing one, atomically, and never by copying.</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Rename(string from, string to) => RenameCore(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes a folder in one that exists.</summary>
    /// <returns>0, or the error number.</returns>
    internal static int MakeFolder(string folder) => MakeFolderCore(folder, EverybodyAsFarAsTheMaskAllows) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes the names in a folder survive a loss of power. A folder that is gone by now needs no flushing.</summary>
    internal static void FlushFolder(string folder)
    {
        var descriptor = OpenCore(folder, ReadOnlyAndClosedOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == NotFound)
            {
                return;
            }

            throw Failure(error, folder);
        }

        var result = FlushCore(descriptor);
        var flushError = Marshal.GetLastPInvokeError();
        _ = CloseCore(descriptor);
        if (result != 0)
        {
            throw Failure(flushError, folder);
        }
    }

    /// <summary>The exception for an error number, shaped like those that .NET's own file calls throw.</summary>
    internal static IOException Failure(int error, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);

    /// <summary>Whether a file call failed because the disk, or the share of it that is allowed, is used up.</summary>
    internal static bool IsDiskFull(IOException exception) => exception.HResult is NoSpace or QuotaExceeded;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCore(string existing, string name);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameCore(string from, string to);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolderCore(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCore(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushCore(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseCore(int descriptor);
}
