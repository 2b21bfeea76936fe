using System.Runtime.InteropServices;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>Looks, part by part, whether values on disk are numbers.</summary>
internal static class FiniteValues
{
    /// <summary>Refuses audio that is empty or has values that are no numbers.</summary>
    public static void Demand(AudioValue audio)
    {
        if (audio.Length == 0)
            throw PackRefusal.Audio($"The audio must be one recording with samples in it, not [1, {audio.Channels}, 0].");
        if (!AreAll(audio.Samples))
        {
            throw PackRefusal.Audio(
                "The audio has values that are no numbers; the separation makes them of silence. Give a recording in which somebody speaks.");
        }
    }

    /// <summary>Whether all floats of a file are numbers.</summary>
    public static bool AreAll(ScratchFile floats)
    {
        var part = new float[16 << 10];
        for (long offset = 0; offset < floats.Length;)
        {
            var count = floats.Read(offset, MemoryMarshal.AsBytes(part.AsSpan()));
            if (!AreAll(part.AsSpan(0, count / sizeof(float))))
                return false;
            offset += count;
        }
        return true;
    }

    /// <summary>Whether all values are numbers.</summary>
    public static bool AreAll(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }
}
