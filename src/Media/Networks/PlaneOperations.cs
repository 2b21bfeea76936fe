using System.Runtime.Intrinsics;

namespace WanTalk.Media.Networks;

/// <summary>The operations that look at one place, or at a few places of one channel, at a time.</summary>
internal static class PlaneOperations
{
    /// <summary>The sum of two planes of one shape.</summary>
    public static void Add(Plane a, Plane b, Plane output)
    {
        for (var i = 0; i < output.Values.Length; i += Plane.Lanes)
            (Eight(a, i) + Eight(b, i)).CopyTo(output.Values.AsSpan(i));
    }

    /// <summary>What is above zero.</summary>
    public static void Relu(Plane input, Plane output)
    {
        for (var i = 0; i < output.Values.Length; i += Plane.Lanes)
            Vector256.Max(Eight(input, i), Vector256<float>.Zero).CopyTo(output.Values.AsSpan(i));
    }

    /// <summary>What is above zero, and what is below it times its channel's slope; the spare channels have zeros for slopes.</summary>
    public static void PRelu(Plane input, float[] slopes, Plane output)
    {
        for (var place = 0; place < input.Height * input.Width * input.Stride; place += input.Stride)
        {
            for (var channel = 0; channel < input.Stride; channel += Plane.Lanes)
            {
                var value = Eight(input, place + channel);
                var slope = Vector256.Create<float>(slopes.AsSpan(channel, Plane.Lanes));
                (Vector256.Max(value, Vector256<float>.Zero) + (Vector256.Min(value, Vector256<float>.Zero) * slope))
                    .CopyTo(output.Values.AsSpan(place + channel));
            }
        }
    }

    /// <summary>The largest of what each channel's window sees.</summary>
    public static void MaxPool(Plane input, Window down, Window across, Plane output)
    {
        for (var y = 0; y < output.Height; y++)
        {
            for (var x = 0; x < output.Width; x++)
            {
                for (var channel = 0; channel < output.Stride; channel += Plane.Lanes)
                {
                    var largest = Vector256.Create(float.NegativeInfinity);
                    for (var i = Math.Max((y * down.Step) - down.Before, 0); i < Math.Min((y * down.Step) - down.Before + down.Size, input.Height); i++)
                    {
                        for (var j = Math.Max((x * across.Step) - across.Before, 0); j < Math.Min((x * across.Step) - across.Before + across.Size, input.Width); j++)
                            largest = Vector256.Max(largest, Eight(input, (((i * input.Width) + j) * input.Stride) + channel));
                    }

                    largest.CopyTo(output.Values.AsSpan((((y * output.Width) + x) * output.Stride) + channel));
                }
            }
        }
    }

    /// <summary>The same places in a plane with more channels; what it has more stays zero.</summary>
    public static void Widen(Plane input, Plane output)
    {
        for (var place = 0; place < input.Height * input.Width; place++)
            input.Values.AsSpan(place * input.Stride, input.Channels).CopyTo(output.Values.AsSpan(place * output.Stride));
    }

    private static Vector256<float> Eight(Plane plane, int at) => Vector256.Create<float>(plane.Values.AsSpan(at, Plane.Lanes));
}
