using System.Text;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A recording that is made here.</summary>
internal static class ToneFile
{
    private const int Rate = 16_000;

    /// <summary>A mono 16-bit WAV at 16 kHz: a tone that swells and fades, as loud speech does.</summary>
    public static byte[] Wav(double seconds)
    {
        var samples = (int)(seconds * Rate);
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write(Encoding.ASCII.GetBytes("RIFF"));
        writer.Write(36 + (2 * samples));
        writer.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(2 * Rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write(Encoding.ASCII.GetBytes("data"));
        writer.Write(2 * samples);
        for (var i = 0; i < samples; i++)
            writer.Write((short)(16_000 * Math.Sin(2 * Math.PI * 180 * i / Rate) * Math.Abs(Math.Sin(2 * Math.PI * 2 * i / Rate))));
        return wav.ToArray();
    }
}
