using WanTalk.Media.Networks;

namespace WanTalk.Media.Tests.Faces;

/// <summary>The networks against what OpenCV 4.13 (CvDnn, TFLite importer) gave for the same files and the same picture.</summary>
public sealed class NetworkSpecs
{
    [Theory]
    [InlineData(896, 179, new[] { -4.8654728, -2.5729322, -4.181107, -2.5847137, -2.8807108, -22.894379 }, -3.8183277)]
    [InlineData(14336, 2867, new[] { 1.1675452, 46.155243, 4.043726, 3.2989087, -21.496098, -17.250816 }, 4.389255)]
    public void The_detector_computes_what_OpenCV_computes(int count, int apart, double[] expected, double mean) =>
        Check("face_detection_short_range.tflite", 128, count, apart, expected, mean);

    [Theory]
    [InlineData(1, 0, new[] { 2.5021782 }, 2.5021782)]
    [InlineData(1404, 280.6, new[] { 106.2924, 95.676971, 49.06205, 97.209213, 129.91228, 2.3961768 }, 67.95974)]
    public void The_mesh_computes_what_OpenCV_computes(int count, double apart, double[] expected, double mean) =>
        Check("face_landmark.tflite", 192, count, apart, expected, mean);

    [Fact]
    public void A_second_run_gives_the_very_same_numbers()
    {
        var net = new TfLiteNet("face_landmark.tflite");
        Paint(net.Input, 192);
        net.Run();
        var first = net.Output(1404);
        net.Input.Clear();
        net.Run();
        Assert.NotEqual(first, net.Output(1404));
        Paint(net.Input, 192);
        net.Run();
        Assert.Equal(first, net.Output(1404));
    }

    private static void Check(string network, int side, int count, double apart, double[] expected, double mean)
    {
        var net = new TfLiteNet(network);
        Paint(net.Input, side);
        net.Run();
        var numbers = net.Output(count);

        Assert.Equal(count, numbers.Length);
        Assert.All(expected.Select((value, i) => (value, i)), number => Assert.Equal(number.value, numbers[(int)(number.i * apart)], 1e-3));
        Assert.Equal(mean, numbers.Average(), 1e-3);
    }

    /// <summary>Waves from 0 to 1.</summary>
    private static void Paint(Span<float> picture, int side)
    {
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                for (var c = 0; c < 3; c++)
                    picture[(3 * ((y * side) + x)) + c] = 0.5f + (0.3f * MathF.Sin((0.1f * x) + c)) + (0.2f * MathF.Cos(0.13f * y));
            }
        }
    }
}
