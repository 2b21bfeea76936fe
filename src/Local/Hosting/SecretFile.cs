namespace WanTalk.Local.Hosting;

/// <summary>A secret that is drawn once for a home.</summary>
internal static class SecretFile
{
    /// <summary>Reads a secret's file, drawing the secret first when there is none.</summary>
    /// <param name="file">The file, in a home whose lock the caller holds.</param>
    /// <param name="draw">Makes what the file is to hold.</param>
    public static byte[] ReadOrDraw(string file, Func<byte[]> draw)
    {
        if (!File.Exists(file))
        {
            Write(file, draw());
        }

        return File.ReadAllBytes(file);
    }

    /// <summary>It is there as a whole or not at all, and never readable by others.</summary>
    private static void Write(string file, byte[] content)
    {
        var unfinished = $"{file}.{Guid.NewGuid():n}";
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(unfinished, create))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file, overwrite: false);
    }
}
