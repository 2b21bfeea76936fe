using WanTalk.Core.Quotes;

namespace WanTalk.Core.Tests.Quotes;

public sealed class GpuKindSpecs
{
    [Theory]
    [InlineData("cuda:0 NVIDIA A100 80GB PCIe : cudaMallocAsync", "A100")]
    [InlineData("cuda:0 NVIDIA A100-SXM4-80GB : native", "A100")]
    [InlineData("cuda:0 Tesla T4 : cudaMallocAsync", "T4")]
    [InlineData("cuda:0 NVIDIA H100 80GB HBM3 : native", "H100")]
    [InlineData("cuda:1 NVIDIA GeForce RTX 4090 : cudaMallocAsync", "RTX-4090")]
    [InlineData("cuda:0 NVIDIA L40S", "L40S")]
    [InlineData("rtx 5090", "RTX-5090")]
    [InlineData("cpu-preview", "cpu-preview")]
    [InlineData("cuda:0 NVIDIA", null)]
    [InlineData("", null)]
    public void A_device_has_the_name_by_which_people_buy_it(string device, string? kind) => Assert.Equal(kind, GpuKind.OfDevice(device));
}
